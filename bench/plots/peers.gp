# The same work in other programs, on a logarithmic axis: gnuplot -c bench/plots/peers.gp out/bench
out = ARGC > 0 ? ARG1 : "out/bench"
here = ARG0[1:strlen(ARG0) - strlen("peers.gp")]
load here."style.gp"
load here."sets.gp"
others = "vectorised plain numba torch numpy openblas"
programs = others
do for [isa in all_isas] { programs = isa." ".programs }
other_names = "'C, vectorised by the compiler' 'C, one network at a time' 'Numba' 'PyTorch' 'NumPy' 'OpenBLAS, one network at a time'"
title_of(p) = number_of(all_isas, p) ? "lyapgrad ".word(isa_titles, number_of(all_isas, p)) : word(other_names, number_of(others, p))
tint(p) = number_of(all_isas, p) ? colour(p) : p eq "vectorised" ? yellow : p eq "plain" ? "#B8860B" : p eq "numba" ? orange : \
    p eq "torch" ? purple : p eq "numpy" ? "#7A4B9A" : black
# Programs that did not run leave no gap.
present = ""
do for [p in programs] {
    stats table using (row("step", p, "float32", "2-2-1") ? 1 : 0) name "S" nooutput
    if (S_sum > 0) { present = present." ".p }
}
if (words(present) == 0) { exit status 3 }
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
            linecolor rgb tint(word(present, i)) title title_of(word(present, i)), \
         for [i = 1:n] table using (row("step", word(present, i), "float32", "2-2-1") ? place(i) : NaN):9:(sprintf("%.3g", column(9))) \
            with labels font ",10" rotate by 90 left offset 0,0.3 notitle
    unset output
}
