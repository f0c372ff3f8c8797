load "style.gp"

# Points after the transient above, the exponent at the same values below, coloured by regime. Cells without points stand as
# short lines at the lower edge.
if (strstrt(terminals, " png ") > 0) { png_terminal = "set terminal png truecolor size 1240,1060 font 'sans,16'" }
if (strstrt(terminals, " pngcairo ") > 0) { png_terminal = "set terminal pngcairo size 1240,1060 font 'sans,17' linewidth 1.5" }
svg_terminal = "set terminal svg size 930,795 font 'sans-serif,15' background '#ffffff' linewidth 1.2"
x_low = 1.0 * x_low # an integer would be divided as one
x_high = 1.0 * x_high
colours = "#0072B2 #D55E00 #009E73 #CC79A7 #E69F00 #56B4E9 #7A7A7A #222222"
of(regime) = regime eq "neutral" ? "#7A7A7A" : regime eq "converging" ? "#0072B2" : regime eq "transient" ? "#56B4E9" : \
    regime eq "chaotic" ? "#D55E00" : regime eq "dead" ? "#222222" : regime eq "still" ? "#003A5D" : \
    regime eq "periodic" ? "#009E73" : regime eq "unbounded" ? "#CC79A7" : regime eq "undecided" ? "#B8860B" : "#E69F00"
bounded(regime) = regime ne "diverged" && regime ne "dead"
within(column_of) = strcol(6) eq column_of ? column(3) : NaN

# In the SVG, where every point takes a hundred bytes, the first steps alone stand for many points: at least 65, so that cycles
# of up to 64 show whole.
most_steps(device) = device eq "png" || points * columns < 1 ? 1e9 : 20000.0 / (points * columns) > 65 ? 20000.0 / (points * columns) : 65
early(device) = column(3) - transient < most_steps(device)

# Points that all but agree get room, or the numbers of their axis would not fit beside it.
least = 1e300
most = -1e300
if (points > 0) {
    do for [c=1:columns] {
        stats data skip 1 using (column(3 + c)) nooutput prefix "POINTS"
        if (exists("POINTS_min")) {
            if (POINTS_min < least) { least = POINTS_min }
            if (POINTS_max > most) { most = POINTS_max }
        }
    }
}
around = 0.5 * (least + most)
room = most >= least && most - least < 0.001 * abs(around) ? 0.001 * abs(around) : 0

do for [device in devices] {
    eval(open(device))
    set multiplot title heading
    set lmargin screen 0.13
    set rmargin screen 0.97
    set xrange [x_low:x_high]
    if (x_logarithmic) { set logscale x; eval(log_tics("x", x_low, x_high)) } else { eval(sprintf("set xtics %.10g", step_of(x_low, x_high, 6))) }

    unset xzeroaxis
    set autoscale y
    if (room > 0) { set yrange [around - room:around + room] }
    set ytics autofreq
    set format y "% h"
    set tmargin screen (columns > 1 ? 0.905 : 0.93)
    set bmargin screen 0.47
    set format x ""
    unset xlabel
    unset ylabel # which would move with the width of the numbers
    set label 1 (columns == 1 && column_names ne y_name ? y_name." ".column_names : y_name) at screen 0.02, screen 0.69 center rotate
    if (columns > 1) { set key at screen 0.55, screen 0.955 center top horizontal Left reverse samplen 0.5 }
    if (points > 0) {
        plot for [c=1:columns] data skip 1 using 1:(early(device) ? column(3 + c) : NaN) with points pointtype 7 pointsize (0.22 * size) linecolor rgb word(colours, c) notitle, \
            for [c=1:columns] NaN with points pointtype 7 pointsize (1.2 * size) linecolor rgb word(colours, c) title (columns > 1 ? word(column_names, c) : "")
    } else {
        set label 2 "no cell has points: all diverged or died" at graph 0.5,0.5 center
        set yrange [0:1]
        plot NaN notitle
        unset label 2
    }

    set tmargin screen 0.43
    set bmargin screen 0.16
    set format x "%g"
    set xlabel x_name
    set label 1 "exponent (nats/step)" at screen 0.02, screen 0.295 center rotate
    eval(axis("y", exponent_low < 0 ? 1.0 * exponent_low : 0.0, exponent_high > 0 ? 1.0 * exponent_high : 0.0, 4))
    set xzeroaxis linetype 1 linewidth 1.2 linecolor rgb black dashtype 1
    set key at screen 0.54, screen 0.005 center bottom horizontal Left reverse samplen 0.5
    plot for [r in regimes] "exponents.csv" skip 1 using 1:(bounded(r) ? within(r) : NaN) with points pointtype 7 pointsize (0.6 * size) linecolor rgb of(r) notitle, \
        for [r in regimes] "exponents.csv" skip 1 using 1:(!bounded(r) && strcol(6) eq r ? exponent_low - 0.03 * span(exponent_low, exponent_high) : NaN) with points pointtype 2 pointsize (0.6 * size) linecolor rgb of(r) notitle, \
        for [r in regimes] NaN with points pointtype (bounded(r) ? 7 : 2) pointsize (1.2 * size) linecolor rgb of(r) title r
    unset multiplot
    unset output
}
