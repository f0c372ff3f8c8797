load "style.gp"

# Regression of the exponent on the final loss, and the pointwise 95 % band of its mean.
line(x, i) = number(intercept, i) + number(slope, i) * x
half(x, i) = number(t95, i) * number(residual_sd, i) * sqrt(1 / number(n, i) + (x - number(mean_x, i))**2 / number(sxx, i))
p_text(p) = p < 1e-99 ? "< 10^{-99}" : "= ".(p < 0.001 ? gprintf("%.1t×10^{%T}", p) : sprintf("%.2g", p))
omitted(i) = number(dead, i) > 0 ? sprintf(" (%s dead left out)", count(number(dead, i))) : ""
result(i) = number(n, i) == 0 ? "too few points for a line\n " : \
    sprintf("r = %.3f, p %s, n = %s%s\ngiven the initial loss r = %.3f, p %s", number(r, i), p_text(number(p, i)), \
            count(number(n, i)), omitted(i), number(partial_r, i), p_text(number(partial_p, i)))

set samples 101
one = sprintf("pointtype 7 pointsize %.1f * size linecolor rgb '#700072B2'", number(kept, 1) > 300 ? 0.5 : 0.8)
fit = "linewidth 2 linecolor rgb orange"
band = "fillcolor rgb light_orange"
legend = point_entry(0.22, one, "one start").\
    line_entry(0.33, fit, "regression of the exponent on the final loss").\
    area_entry(0.66, band, "its 95 % band")

do for [device in devices] {
    eval(open(device))
    eval(panels("Exponent against final loss: lr 0.001, ".sprintf("%.0f", epochs)." epochs, those of ".count(starts)." starts with initial loss between the 45 % and 55 % quantiles"))
    do for [i=1:3] {
        name = word(activations, i)
        eval(prepare(i))
        set xlabel sprintf("final loss (before update %.0f)", epochs)
        set title sprintf("{/:Bold %s}\n%s", word(titles, i), result(i))
        if (i == 1) { set ylabel "λ_{kw} (10^{-3} nats)" } else { unset ylabel }
        eval(axis("x", number(low_x, i), number(high_x, i), 3))
        eval(axis("y", number(low_y, i) * 1e3, number(high_y, i) * 1e3, 4))
        if (number(n, i) > 0) {
            plot sample [number(low_x, i):number(high_x, i)] \
                '+' using 1:((line($1, i) - half($1, i)) * 1e3):((line($1, i) + half($1, i)) * 1e3) with filledcurves @band notitle, \
                data using (strcol(1) eq name && strcol(7) eq "ok" ? $4 : NaN):($5 * 1e3) with points @one notitle, \
                [number(low_x, i):number(high_x, i)] '+' using 1:(line($1, i) * 1e3) with lines @fit notitle
        } else {
            plot data using (is(name) ? $4 : NaN):($5 * 1e3) with points @one notitle
        }
    }
    unset multiplot
    unset output
}
