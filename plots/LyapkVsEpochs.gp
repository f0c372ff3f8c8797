load "style.gp"

band = "fillcolor rgb light_blue"
median = "linewidth 1.2 dashtype 2 linecolor rgb blue"
one = "linewidth 1.5 linecolor rgb orange"
legend = area_entry(0.27, band, "quartiles of ".count(starts)." starts").\
    line_entry(0.48, median, "their median").\
    line_entry(0.64, one, "one start")

do for [device in devices] {
    eval(open(device))
    eval(panels("Growth of the mean distance in one step, λ_i = ln(d(i) / d(i-1)), lr 0.001, ".precision))
    do for [i=1:3] {
        name = word(activations, i)
        eval(prepare(i))
        set xlabel "epoch i"
        set title sprintf("{/:Bold %s}\none start: mean λ_i = %s nats/step", word(titles, i), text(number(lambda_step, i)))
        if (i == 1) { set ylabel "λ_i (10^{-3} nats/step)" } else { unset ylabel }
        stats data using (is(name) ? $3 * 1e3 : NaN) nooutput name "one"
        stats data using (is(name) ? $4 * 1e3 : NaN) nooutput name "low"
        stats data using (is(name) ? $6 * 1e3 : NaN) nooutput name "high"
        eval(axis("y", one_min < low_min ? one_min : low_min, one_max > high_max ? one_max : high_max, 4))
        eval(axis("x", 0, epochs, 4))
        plot data using (is(name) ? $2 : NaN):($4 * 1e3):($6 * 1e3) with filledcurves @band notitle, \
            data using (is(name) ? $2 : NaN):($5 * 1e3) with lines @median notitle, \
            data using (is(name) ? $2 : NaN):($3 * 1e3) with lines @one notitle
    }
    unset multiplot
    unset output
}
