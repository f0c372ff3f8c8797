load "style.gp"

# Loss over learning rate with the recommended and the largest safe rate, and the exponent underneath.
data = "rates.csv"
if (strstrt(terminals, " png ") > 0) { png_terminal = "set terminal png truecolor size 1240,1060 font 'sans,16'" }
if (strstrt(terminals, " pngcairo ") > 0) { png_terminal = "set terminal pngcairo size 1240,1060 font 'sans,17' linewidth 1.5" }
svg_terminal = "set terminal svg size 930,795 font 'sans-serif,15' background '#ffffff' linewidth 1.2"
stats data skip 1 using 1 nooutput
x_low = STATS_min == STATS_max ? STATS_min / 2 : STATS_min
x_high = STATS_min == STATS_max ? STATS_max * 2 : STATS_max
# Where every run diverged there is nothing to draw, and no range to draw it in.
stats data skip 1 using 6 nooutput prefix "LOSS"
stats data skip 1 using 10 nooutput prefix "EXPONENT"
nothing(records) = records > 0 ? "" : "set yrange [0.1:1]; set label 'every run diverged' at graph 0.5, graph 0.5 center"
finite(x) = x == x
# The loss over whole decades.
positive(x) = x > 0 && x < 1e300 ? x : NaN
y_low = 1e300
y_high = 0
do for [c=5:(held_out ? 8 : 7)] {
    stats data skip 1 using (positive(column(c))) nooutput prefix "RANGE"
    # Without a valid number there is no RANGE_min.
    if (exists("RANGE_min")) { y_low = RANGE_min < y_low ? RANGE_min : y_low; y_high = RANGE_max > y_high ? RANGE_max : y_high }
}
if (y_high == 0) { y_low = 0.1; y_high = 1 }
y_low = 10.0**floor(log10(y_low))
y_high = 10.0**ceil(log10(y_high))
if (y_high <= y_low) { y_high = 10 * y_low }
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
    eval(log_tics("x", x_low, x_high))
    set lmargin screen 0.11
    set rmargin screen 0.97
    set bmargin screen 0.53
    set tmargin screen 0.93
    set title "{/:Bold ".heading."}"
    set xlabel ""
    set format x ""
    # No ylabel, which would move with the width of the numbers and out of the picture.
    set label 101 sprintf("loss after %d steps", steps) at screen 0.018, screen 0.73 center rotate
    set logscale y
    set yrange [y_low:y_high]
    eval(log_tics("y", y_low, y_high))
    set format y log_format(y_low, y_high)
    eval(marks)
    eval(bands)
    eval(nothing(LOSS_records))
    plot NaN notitle, data skip 1 using 1:5:7 with filledcurves fillcolor rgb grey fillstyle transparent solid 0.35 notitle, \
        data skip 1 using 1:6 with linespoints pointtype 7 pointsize 0.8 * size linewidth 2 linecolor rgb black notitle, \
        data skip 1 using 1:(held_out ? column(8) : NaN) with lines dashtype 4 linewidth 2 linecolor rgb black notitle
    set title ""
    set bmargin screen 0.2
    set tmargin screen 0.47
    unset logscale y
    set autoscale y
    set ytics autofreq
    set format y "%g"
    set format x log_format(x_low, x_high)
    set xlabel "learning rate"
    set label 101 "largest exponent (nats/step)" at screen 0.018, screen 0.335 center rotate
    set xzeroaxis linewidth 1 linecolor rgb black
    entry(x, y, look, text) = sprintf("set arrow from screen %.3f, screen %.3f to screen %.3f, screen %.3f nohead %s; set label '%s' at screen %.3f, screen %.3f; ", x, y, x + 0.03, y, look, text, x + 0.04, y)
    set object rectangle from screen 0.11, screen 0.083 to screen 0.14, screen 0.105 fillcolor rgb "#C9C9C9" fillstyle solid noborder
    eval(entry(0.11, 0.094, "linewidth 2 linecolor rgb black", sprintf("median and quartiles of %d starts", starts)))
    if (held_out) { eval(entry(0.56, 0.094, "linewidth 2 dashtype 4 linecolor rgb black", "median held-out loss")) }
    set object rectangle from screen 0.11, screen 0.050 to screen 0.14, screen 0.072 fillcolor rgb light_blue fillstyle solid noborder
    eval(entry(0.11, 0.061, "linewidth 2 linecolor rgb '".blue."'", "recommended rate, 95 % interval"))
    if (finite(onset)) { eval(entry(0.56, 0.061, "linewidth 2 dashtype 3 linecolor rgb black", "onset of instability")) }
    set object rectangle from screen 0.11, screen 0.017 to screen 0.14, screen 0.039 fillcolor rgb light_orange fillstyle solid noborder
    eval(entry(0.11, 0.028, "linewidth 2 dashtype 2 linecolor rgb '".orange."'", sprintf("largest rate that is safe for %g %% of the starts, 95 %% interval", safe_percent)))
    eval(nothing(EXPONENT_records))
    plot NaN notitle, data skip 1 using 1:9:11 with filledcurves fillcolor rgb grey fillstyle transparent solid 0.35 notitle, \
        data skip 1 using 1:10 with linespoints pointtype 7 pointsize 0.8 * size linewidth 2 linecolor rgb black notitle
    unset multiplot
    unset output
    unset label
    unset arrow
    unset object
}
