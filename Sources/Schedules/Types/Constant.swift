extension ScheduleType {
    static let constant = ScheduleType(
        name: "constant",
        summary: "The peak throughout.",
        formula: "rate(t) = peak",
        source: "Robbins & Monro 1951, with a step size that does not fall",
        resolve: { _, scope in scope.whole(.constant(scope.peak)) }
    )
}

extension Curve {
    /// The peak throughout: rate(t) = peak.
    public static let constant = Curve(type: .constant, arguments: Arguments(values: [:]))
}
