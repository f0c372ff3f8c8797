load "style.gp"

# The quartiles are of d(t)/d(0), so that starts with another d(0) compare; `first` is d(0) of the start drawn.
band = "fillcolor rgb light_blue"
median = "linewidth 1.2 dashtype 2 linecolor rgb blue"
one = "linewidth 2 linecolor rgb orange"
legend = area_entry(0.2, band, "quartiles of ".count(starts)." starts, scaled to the same d(0)").\
    line_entry(0.57, median, "their median").\
    line_entry(0.73, one, "one start")

do for [device in devices] {
    eval(open(device))
    eval(panels("Mean distance of the 24 neighbours, lr 0.001, in the published scale: divided by 25, ".sprintf("%.2f", published_scale)." of their mean"))
    do for [i=1:3] {
        name = word(activations, i)
        d0 = number(first, i) * 1e4
        eval(prepare(i))
        set xlabel "epoch"
        set title sprintf("{/:Bold %s}\none start: λ_{kw} = %s nats", word(titles, i), text(number(lambda_kw, i)))
        if (i == 1) { set ylabel "mean distance (10^{-4})" } else { unset ylabel }
        stats data using (is(name) ? $3 * 1e4 : NaN) nooutput name "one"
        stats data using (is(name) ? $5 * d0 : NaN) nooutput name "low"
        stats data using (is(name) ? $7 * d0 : NaN) nooutput name "high"
        eval(axis("y", one_min < low_min ? one_min : low_min, one_max > high_max ? one_max : high_max, 4))
        eval(axis("x", 0, epochs, 4))
        plot data using (is(name) ? $2 : NaN):($5 * d0):($7 * d0) with filledcurves @band notitle, \
            data using (is(name) ? $2 : NaN):($6 * d0) with lines @median notitle, \
            data using (is(name) ? $2 : NaN):($3 * 1e4) with lines @one notitle
    }
    unset multiplot
    unset output
}
