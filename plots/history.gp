load "style.gp"

# The running exponents of the first cell, and the first exponent of the ten first cells.
colours = "#0072B2 #D55E00 #009E73 #CC79A7 #E69F00 #56B4E9 #7A7A7A #222222 #B8860B"
colour(k) = word(colours, (k - 1) % 9 + 1)
do for [device in devices] {
    eval(open(device))
    set multiplot layout 1,2 title "Running exponents" margins screen 0.075, screen 0.97, screen 0.15, screen 0.83 spacing screen 0.09
    set xlabel "epoch"
    set key bottom right samplen 1.5
    set autoscale
    set xzeroaxis linewidth 1 linecolor rgb black
    set title "{/:Bold cell 0}"
    set ylabel "running exponent [nats/step]"
    plot for [k=1:exponents] data using 2:(column(1) == 0 ? column(5 + k) : NaN) with lines linewidth 1.6 linecolor rgb colour(k) title (k <= 9 ? sprintf("k = %d", k) : "")
    set title "{/:Bold largest exponent of the first ten cells}"
    unset ylabel
    unset key
    plot for [c=0:9] data using 2:(column(1) == c ? column(6) : NaN) with lines linewidth 1.3 linecolor rgb colour(c + 1) notitle
    unset multiplot
    unset output
}
