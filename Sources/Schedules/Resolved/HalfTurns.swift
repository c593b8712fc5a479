/// cos(πx) for x in [0, 1], to within two units in the last place of 1.
///
/// Exact at 0, ½ and 1, and the same bits on every machine, whichever C library it has. The Taylor series around
/// the nearest of the three places is cut where the next term is below 1e-17.
@inline(__always)
func cosine(halfTurns x: Double) -> Double {
    if x < 0.25 { return evenSeries(x) }
    if x > 0.75 { return -evenSeries(1 - x) }
    return oddSeries(0.5 - x)
}

/// cos(πz) for |z| ≤ ¼.
@inline(__always)
private func evenSeries(_ z: Double) -> Double {
    let s = z * z
    let q = s * s
    let low = -4.934802200544679 + s * 4.0587121264167685
    let middle = -1.3352627688545895 + s * 0.2353306303588932
    let high = -0.02580689139001406 + s * 0.0019295743094039231
    let top = -0.0001046381049248457 + s * 4.303069587032947e-06
    return 1 + s * ((low + q * middle) + (q * q) * (high + q * top))
}

/// sin(πz) for |z| ≤ ¼.
@inline(__always)
private func oddSeries(_ z: Double) -> Double {
    let s = z * z
    let q = s * s
    let low = -5.16771278004997 + s * 2.5501640398773455
    let middle = -0.5992645293207921 + s * 0.08214588661112823
    let high = -0.0073704309457143504 + s * 0.00046630280576761255
    let top = -2.1915353447830217e-05 + s * 7.952054001475513e-07
    return z * (3.141592653589793 + s * ((low + q * middle) + (q * q) * (high + q * top)))
}
