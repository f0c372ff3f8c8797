load "style.gp"

# The running exponents of the first cell, and the first exponent of the ten first cells.
colours = "#0072B2 #D55E00 #009E73 #CC79A7 #E69F00 #56B4E9 #7A7A7A #222222 #B8860B"
colour(k) = word(colours, (k - 1) % 9 + 1)
stats data skip 1 using 2 nooutput
if (!exists("STATS_min")) { print data." is empty: every cell ended before its first point"; exit }
first_epoch = STATS_min
last_epoch = STATS_max
do for [device in devices] {
    eval(open(device))
    set multiplot layout 1,2 title "Running exponents, from the end of the transient" margins screen 0.095, screen 0.975, screen 0.15, screen 0.83 spacing screen 0.145
    set autoscale y
    set xlabel "epoch"
    unset ylabel # the width of powers of ten beside the axis is not known: the titles tell the unit
    eval(axis("x", first_epoch, last_epoch, 5))
    set xzeroaxis linewidth 1 linecolor rgb black
    set title "{/:Bold cell 0, every exponent} (nats/step)"
    set key at graph 1.02, graph 1 left top Left reverse samplen 1.2
    plot for [k=1:exponents] data using 2:(column(1) == 0 ? column(5 + k) : NaN) with lines linewidth 1.6 linecolor rgb colour(k) title (k <= 9 ? sprintf("λ_{%d}", k) : "")
    set title "{/:Bold cells 0 to 9, the first exponent} (nats/step)"
    unset key
    plot for [c=0:9] data using 2:(column(1) == c ? column(6) : NaN) with lines linewidth 1.3 linecolor rgb colour(c + 1) notitle
    unset multiplot
    unset output
}
