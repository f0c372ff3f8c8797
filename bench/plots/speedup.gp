# Speed-up and nanoseconds of a step, by instruction set: gnuplot -c bench/plots/speedup.gp out/bench
out = ARGC > 0 ? ARG1 : "out/bench"
here = ARG0[1:strlen(ARG0) - strlen("speedup.gp")]
load here."style.gp"
load here."sets.gp"
width = 0.26
do for [device in devices] {
    eval open(device, "speedup")
    set multiplot layout 1,2 title "Speed-up of a training step over the scalar path (2-2-1 on XOR, with the distance, one core)"
    do for [precision in "float32 float64"] {
        set title precision
        set ylabel "times the scalar path with FMA"
        set yrange [0:*]
        set offsets 0, 0, graph 0.12, 0
        set xrange [0.4:4.6]
        set xtics (word(titles, 1) 1, word(titles, 2) 2, word(titles, 3) 3, word(titles, 4) 4)
        set key outside below horizontal samplen 1.5
        set boxwidth width
        x(isa) = number_of(activations, strcol(5)) + (number_of(isas, isa) - (words(isas) + 1) / 2.0) * width
        plot for [isa in isas] table using (row("step", isa, precision, "2-2-1") ? x(isa) : NaN):19 with boxes \
                linecolor rgb colour(isa) title isa_title(isa), \
             for [isa in isas] table using (row("step", isa, precision, "2-2-1") ? x(isa) : NaN):19:(sprintf("%.3g ns", column(9))) \
                with labels font ",11" rotate by 90 left offset 0,0.3 notitle
    }
    unset multiplot
    unset output
}
