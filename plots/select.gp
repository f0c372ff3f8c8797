load "style.gp"

# Loss over learning rate with the recommended and the largest safe rate, and the exponent underneath.
data = "rates.csv"
if (strstrt(terminals, " png ") > 0) { png_terminal = "set terminal png truecolor size 1240,1060 font 'sans,16'" }
if (strstrt(terminals, " pngcairo ") > 0) { png_terminal = "set terminal pngcairo size 1240,1060 font 'sans,17' linewidth 1.5" }
svg_terminal = "set terminal svg size 930,795 font 'sans-serif,15' background '#ffffff' linewidth 1.2"
stats data skip 1 using 1 nooutput
x_low = STATS_min
x_high = STATS_max
finite(x) = x == x
shown(x) = finite(x) ? x : x_high
line_at(x, look) = finite(x) ? sprintf("set arrow from %.17g, graph 0 to %.17g, graph 1 nohead front %s", x, x, look) : ""
band(number, low, high, colour) = finite(low) ? sprintf("set object %d rectangle from %.17g, graph 0 to %.17g, graph 1 behind fillcolor rgb '%s' fillstyle solid noborder", number, low, shown(high), colour) : ""
marks = line_at(best, "linewidth 2 linecolor rgb '".blue."'")."; ".(safe > 0 ? line_at(safe, "linewidth 2 dashtype 2 linecolor rgb '".orange."'") : "")."; ".line_at(onset, "linewidth 2 dashtype 3 linecolor rgb '".black."'")
# Where bands overlap the safe rate's is in front.
bands = band(1, best_low, best_high, light_blue)."; ".(safe_low > 0 ? band(2, safe_low, safe_high, light_orange) : "")
do for [device in devices] {
    eval(open(device))
    set multiplot
    set autoscale
    set logscale x
    set xrange [x_low:x_high]
    set format x "10^{%T}"
    set lmargin screen 0.11
    set rmargin screen 0.97
    set bmargin screen 0.53
    set tmargin screen 0.93
    set title "{/:Bold ".heading."}"
    set xlabel ""
    set ylabel sprintf("loss after %d steps", steps)
    set logscale y
    set format y "10^{%T}"
    eval(marks)
    eval(bands)
    plot data skip 1 using 1:5:7 with filledcurves fillcolor rgb grey fillstyle transparent solid 0.35 notitle, \
        data skip 1 using 1:6 with linespoints pointtype 7 pointsize 0.8 * size linewidth 2 linecolor rgb black notitle, \
        data skip 1 using 1:(held_out ? column(8) : NaN) with lines dashtype 4 linewidth 2 linecolor rgb black notitle
    set title ""
    set bmargin screen 0.2
    set tmargin screen 0.47
    unset logscale y
    set format y "%g"
    set xlabel "learning rate"
    set ylabel "largest exponent (nats/step)"
    set xzeroaxis linewidth 1 linecolor rgb black
    eval(area_entry(0.11, "fillcolor rgb '#C9C9C9'", sprintf("quartiles and median of %d starts%s", starts, held_out ? "; dashes: held-out loss" : "")))
    eval(line_entry(0.55, "linewidth 2 linecolor rgb '".blue."'", "recommended rate, 95 % interval"))
    set label sprintf("95 %% interval: shaded") at screen 2,2
    set arrow from screen 0.11, 0.085 to screen 0.132, 0.085 nohead linewidth 2 dashtype 2 linecolor rgb orange
    set label sprintf("largest rate that is safe for %g %% of the starts, 95 %% interval", safe_percent) at screen 0.138, screen 0.085
    set arrow from screen 0.74, 0.085 to screen 0.762, 0.085 nohead linewidth 2 dashtype 3 linecolor rgb black
    set label "onset of instability" at screen 0.768, screen 0.085
    plot data skip 1 using 1:9:11 with filledcurves fillcolor rgb grey fillstyle transparent solid 0.35 notitle, \
        data skip 1 using 1:10 with linespoints pointtype 7 pointsize 0.8 * size linewidth 2 linecolor rgb black notitle
    unset multiplot
    unset output
    unset label
    unset arrow
    unset object
}
