# Roofline of each precision (Williams, Waterman and Patterson 2009): gnuplot -c bench/plots/roofline.gp out/bench
out = ARGC > 0 ? ARG1 : "out/bench"
here = ARG0[1:strlen(ARG0) - strlen("roofline.gp")]
load here."style.gp"
load here."sets.gp"
limits = out."/limits.csv"
set logscale xy
set grid xtics ytics linewidth 0.5 linecolor rgb "#CCCCCC"
# The set with the highest peak gives the bandwidths.
min(a, b) = a < b ? a : b
do for [device in devices] {
    eval open(device, "roofline")
    set multiplot layout 1,words(precisions) title "Roofline: kernels on one core against the measured peaks and bandwidths"
    do for [precision in precisions] {
        set autoscale
        stats limits using (strcol(2) eq precision ? $3 : NaN) name "P" nooutput
        do for [level in "20 21 22"] {
            stats limits using (strcol(2) eq precision ? column(int(level)) : NaN) name "B".level nooutput
        }
        set title precision
        set xlabel "operations a byte of weights moved"
        set ylabel "GFLOP/s"
        set xrange [0.1:10]
        set yrange [1:P_max * 2]
        set bmargin 8
        set key outside below horizontal samplen 1.5 maxrows 3
        set label 1 "L1" at 0.115, min(0.115 * B20_max, P_max) * 1.35 textcolor rgb black font ",12"
        set label 2 "L2" at 0.14, min(0.14 * B21_max, P_max) * 0.72 textcolor rgb black font ",12"
        set label 3 "memory" at 0.115, min(0.115 * B22_max, P_max) * 1.5 textcolor rgb black font ",12"
        # Two sets may have the same peak: AVX2's is named on the left.
        place(isa) = isa eq "avx2" ? 0.42 : 4.6
        point(kernel, isa) = strcol(1) eq kernel && strcol(2) eq isa && strcol(3) eq precision && strcol(4) ne ""
        plot for [isa in isas] limits using (strcol(1) eq isa && strcol(2) eq precision ? 0.1 : NaN):3:(9.89):(0) with vectors nohead \
                linewidth 2 linecolor rgb colour(isa) notitle, \
             for [isa in isas] limits using (strcol(1) eq isa && strcol(2) eq precision ? place(isa) : NaN):($3 * 1.18):(sprintf("FMA peak %s: %.0f", isa_title(isa), $3)) \
                with labels font ",11" textcolor rgb colour(isa) notitle, \
             min(B20_max * x, P_max) linecolor rgb black linewidth 1.5 notitle, \
             min(B21_max * x, P_max) linecolor rgb black dashtype 2 notitle, \
             min(B22_max * x, P_max) linecolor rgb black dashtype 3 notitle, \
             for [isa in isas] table using (point("step", isa) ? $14 : NaN):13 with points pointtype 7 pointsize 1.3 \
                linecolor rgb colour(isa) title "step, ".isa_title(isa), \
             for [isa in isas] table using (point("forward", isa) || point("gradient", isa) ? $14 : NaN):13 with points pointtype 4 \
                pointsize 1.1 linecolor rgb colour(isa) title "its passes, ".isa_title(isa)
        unset label
    }
    unset multiplot
    unset output
}
