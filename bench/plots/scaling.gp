# Time and memory against size, with the fitted exponents: gnuplot -c bench/plots/scaling.gp out/bench
out = ARGC > 0 ? ARG1 : "out/bench"
load ARG0[1:strlen(ARG0) - strlen("scaling.gp")]."style.gp"
data = out."/scaling.csv"
curves = "cells neighbours parameters samples tangents threads"
axes = "'number of cells' 'neighbours a cell' 'parameters of the network' 'training samples' 'tangent vectors' 'threads'"
set logscale xy
set grid xtics ytics linewidth 0.5 linecolor rgb "#CCCCCC"
set format x "10^{%L}"
set format y "10^{%L}"
# Whole decades, labelled at powers of ten alone: left to itself gnuplot 6 labels nine numbers of a single decade.
bottom(low) = 10.0**floor(log10(low))
top(low, high) = high > bottom(low) ? 10.0**ceil(log10(high)) : 10 * bottom(low)
powers = ""
do for [k=-12:12] { powers = powers.sprintf(", %g", 10.0**k) }
powers = powers[3:]
decades(axis, low, high) = sprintf("set %srange [%g:%g]; set %stics (%s)", axis, bottom(low), top(low, high), axis, powers)
do for [device in devices] {
    eval open(device, "scaling")
    set multiplot layout 2,3 title "Time and memory of whole experiments (float32, fastest instruction set)"
    do for [i = 1:6] {
        curve = word(curves, i)
        set autoscale
        stats data using (strcol(1) eq curve ? $2 : NaN) name "C" nooutput
        stats data using (strcol(1) eq curve && strlen(strcol(5)) > 0 ? $5 : -9) name "E" nooutput
        exponent = E_max > -9 ? E_max : NaN
        set xlabel word(axes, i)
        eval decades("x", C_min, C_max)
        if (curve eq "cells") { set xtics 1,100 }
        set ylabel "seconds"
        unset title
        if (exponent == exponent) { set title sprintf("time ∝ %s^{%.2f}", curve, exponent) }
        set key bottom right samplen 2
        if (curve eq "threads") {
            unset logscale
            stats data using (strcol(1) eq curve && $2 == 1 ? $3 : -1) name "O" nooutput
            set title "speed-up"
            set ylabel "times one thread"
            set format "%g"
            set xtics 1
            set ytics autofreq
            set xrange [0.5:C_max + 0.5]
            set yrange [0:C_max + 0.5]
            plot x linecolor rgb grey dashtype 2 title "ideal", \
                 data using (strcol(1) eq curve ? $2 : NaN):(O_max / $3) with linespoints pointtype 7 linecolor rgb blue title "measured"
        } else {
            set y2label "peak memory, MB"
            set logscale y2
            stats data using (strcol(1) eq curve ? $3 : NaN) name "T" nooutput
            stats data using (strcol(1) eq curve && $4 > 0 ? $4 : NaN) name "M" nooutput
            eval decades("y", T_min, T_max)
            measured = exists("M_min") # where memory was
            eval decades("y2", measured && M_min < 1 ? M_min : 1, measured ? M_max : 10)
            set y2tics nomirror
            set border 11
            plot data using (strcol(1) eq curve ? $2 : NaN):3 with linespoints pointtype 7 linecolor rgb blue title "time", \
                 data using (strcol(1) eq curve ? $2 : NaN):4 axes x1y2 with linespoints pointtype 4 dashtype 2 linecolor rgb orange title "memory"
            unset y2tics
            unset y2label
            set border 3
        }
    }
    unset multiplot
    unset output
    set logscale xy
    set format x "10^{%L}"
    set format y "10^{%L}"
}
