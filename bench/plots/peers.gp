# The same work in other programs, on a logarithmic axis: gnuplot -c bench/plots/peers.gp out/bench
out = ARGC > 0 ? ARG1 : "out/bench"
here = ARG0[1:strlen(ARG0) - strlen("peers.gp")]
load here."style.gp"
load here."sets.gp"
programs = "avx512 avx2 neon scalar vectorised plain numba torch numpy openblas"
names = "'lyapgrad AVX-512' 'lyapgrad AVX2' 'lyapgrad NEON' 'lyapgrad scalar' 'C, vectorised by the compiler' 'C, one network at a time' 'Numba' 'PyTorch' 'NumPy' 'OpenBLAS, one network at a time'"
tint(p) = p eq "avx512" ? blue : p eq "avx2" ? sky : p eq "neon" ? green : p eq "scalar" ? grey : p eq "vectorised" ? yellow : \
    p eq "plain" ? "#B8860B" : p eq "numba" ? orange : p eq "torch" ? purple : p eq "numpy" ? "#7A4B9A" : black
# Programs that did not run leave no gap.
present = ""
do for [p in programs] {
    stats table using (row("step", p, "float32", "2-2-1") ? 1 : 0) name "S" nooutput
    if (S_sum > 0) { present = present." ".p }
}
width = 0.1
do for [device in devices] {
    eval open(device, "peers")
    set title "One gradient-descent step of a 2-2-1 network with its distance, float32, one thread: shorter is better"
    set logscale y
    set ylabel "ns a network-step (log scale)"
    set yrange [0.3:2000]
    set xrange [0.4:4.6]
    set xtics (word(titles, 1) 1, word(titles, 2) 2, word(titles, 3) 3, word(titles, 4) 4)
    set key outside below horizontal samplen 1.5 width -2
    set boxwidth width * 0.95
    n = words(present)
    place(i) = number_of(activations, strcol(5)) + (i - (n + 1) / 2.0) * width
    plot for [i = 1:n] table using (row("step", word(present, i), "float32", "2-2-1") ? place(i) : NaN):9 with boxes \
            linecolor rgb tint(word(present, i)) title word(names, number_of(programs, word(present, i))), \
         for [i = 1:n] table using (row("step", word(present, i), "float32", "2-2-1") ? place(i) : NaN):9:(sprintf("%.3g", column(9))) \
            with labels font ",10" rotate by 90 left offset 0,0.3 notitle
    unset output
}
