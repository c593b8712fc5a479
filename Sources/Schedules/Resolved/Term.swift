/// A factor: a shape and where its own step 0 stands.
struct Term: Hashable, Sendable {
    /// The run's step at which the shape's own step 0 stands.
    let origin: Int
    /// The course from there.
    let shape: Shape

    /// A factor that does not move.
    static func constant(_ value: Double) -> Term { Term(origin: 0, shape: .constant(value)) }

    /// The factor where it does not move, `nil` where it does.
    var constantValue: Double? {
        if case .constant(let value) = shape { value } else { nil }
    }

    /// The factor at a step of the run; `feedback` is what metrics made of a fed-back rate.
    @inline(__always)
    func value(at step: Int, feedback: Double? = nil) -> Double {
        shape.value(at: Double(step - origin), feedback: feedback)
    }
}
