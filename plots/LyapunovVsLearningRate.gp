load "style.gp"

# The one start by its end: alive, escaped or overflowed, dead with an exponent of exactly 0, died later.
alive(name) = is(name) && strcol(5) eq "ok"
diverged(name) = is(name) && (strcol(5) eq "escaped" || strcol(5) eq "overflow")
zero(name) = is(name) && strcol(5) eq "dead" && $3 == 0
died(name) = is(name) && strcol(5) eq "dead" && $3 != 0

share(list, i, what) = number(list, i) > 0 ? sprintf("%.0f %% %s", number(list, i), what) : ""
with_comma(a, b) = a eq "" ? b : b eq "" ? a : a.", ".b
ends(i) = (t = with_comma(share(most_diverged, i, "diverge"), with_comma(share(most_zero, i, "dead at 0"), share(most_died, i, "die later"))), \
    t eq "" ? "all starts stay alive and finite" : "up to ".t)

band = "fillcolor rgb light_blue"
median = "linewidth 1.2 dashtype 2 linecolor rgb blue"
published = "pointtype 13 pointsize 1.6 * size linecolor rgb orange"
one_alive = "pointtype 7 pointsize 0.7 * size linecolor rgb blue"
one_diverged = "pointtype 9 pointsize 0.8 * size linecolor rgb blue"
one_died = "pointtype 7 pointsize 0.7 * size linecolor rgb grey"
one_zero = "pointtype 6 pointsize 0.8 * size linecolor rgb grey"
legend = area_entry(0.02, band, "quartiles of ".count(starts)." starts, dead at 0 apart").\
    line_entry(0.325, median, "their median").\
    point_entry(0.46, published, "published").\
    point_entry(0.565, one_alive, "one start").\
    point_entry(0.66, one_diverged, "diverged").\
    point_entry(0.755, one_died, "died later").\
    point_entry(0.86, one_zero, "dead, exactly 0")

do for [device in devices] {
    eval(open(device))
    eval(panels("Exponent against learning rate, ".sprintf("%.0f", epochs)." epochs"))
    do for [i=1:3] {
        name = word(activations, i)
        eval(prepare(i))
        set xlabel "learning rate"
        set title sprintf("{/:Bold %s}\n%s", word(titles, i), ends(i))
        if (i == 1) { set ylabel "λ_{kw} (nats)" } else { unset ylabel }
        stats data using (is(name) ? $3 : NaN) nooutput name "one"
        stats data using (is(name) ? $6 : NaN) nooutput name "low"
        stats data using (is(name) ? $8 : NaN) nooutput name "high"
        stats data using (is(name) ? $13 : NaN) nooutput name "paper"
        low = one_min < low_min ? one_min : low_min
        high = one_max > high_max ? one_max : high_max
        eval(axis("y", low < paper_min ? low : paper_min, high > paper_max ? high : paper_max, 4))
        eval(axis("x", 0, 20, 4))
        plot data using (is(name) ? $2 : NaN):6:8 with filledcurves @band notitle, \
            data using (is(name) ? $2 : NaN):7 with lines @median notitle, \
            data using (zero(name) ? $2 : NaN):3 with points @one_zero notitle, \
            data using (is(name) ? $2 : NaN):13 with points @published notitle, \
            data using (alive(name) ? $2 : NaN):3 with points @one_alive notitle, \
            data using (diverged(name) ? $2 : NaN):3 with points @one_diverged notitle, \
            data using (died(name) ? $2 : NaN):3 with points @one_died notitle
    }
    unset multiplot
    unset output
}
