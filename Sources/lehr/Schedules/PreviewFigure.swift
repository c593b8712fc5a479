/// The figure of previewed schedules.
enum PreviewFigure {
    /// The rates of the schedules over the longest of their runs.
    static func figure(_ curves: [PreviewCurve], isLogarithmic: Bool) -> Figure {
        let last = max(1, (curves.map(\.totalSteps).max() ?? 1) - 1)
        return Figure(
            title: curves.count == 1 ? curves[0].label : "\(curves.count) learning-rate schedules",
            curves: curves.map { curve in
                Figure.Curve(
                    label: curve.label,
                    points: zip(curve.steps, curve.rates).map { Plot.Point(step: $0, value: $1) }
                )
            },
            steps: 0...last,
            isLogarithmic: isLogarithmic
        )
    }
}
