load "style.gp"

# One scale for the three panels: how much each activation learns in these steps.
stats data using 3 nooutput name "one"
stats data using 4 nooutput name "low"
stats data using 6 nooutput name "high"
band = "fillcolor rgb light_blue"
median = "linewidth 1.2 dashtype 2 linecolor rgb blue"
one = "linewidth 2 linecolor rgb orange"
legend = area_entry(0.27, band, "quartiles of ".count(starts)." starts").\
    line_entry(0.48, median, "their median").\
    line_entry(0.64, one, "one start")

do for [device in devices] {
    eval(open(device))
    eval(panels("Loss before each update, lr 0.001"))
    do for [i=1:3] {
        name = word(activations, i)
        eval(prepare(i))
        set xlabel "epoch"
        set title sprintf("{/:Bold %s}", word(titles, i))
        if (i == 1) { set ylabel "mean squared error" } else { unset ylabel }
        eval(axis("y", one_min < low_min ? one_min : low_min, one_max > high_max ? one_max : high_max, 4))
        eval(axis("x", 0, epochs, 4))
        plot data using (is(name) ? $2 : NaN):4:6 with filledcurves @band notitle, \
            data using (is(name) ? $2 : NaN):5 with lines @median notitle, \
            data using (is(name) ? $2 : NaN):3 with lines @one notitle
    }
    unset multiplot
    unset output
}
