/// The shape of one row's values between two layers.
public enum TensorShape: Hashable, Sendable, CustomStringConvertible {
    /// Values without order in space.
    case flat(Int)
    /// A picture of several channels.
    case image(channels: Int, height: Int, width: Int)

    /// The shape of a row of a dataset: `[columns]`, or `[height, width, channels]`.
    public init(features shape: [Int]) {
        if shape.count == 3 {
            self = .image(channels: shape[2], height: shape[0], width: shape[1])
        } else {
            self = .flat(shape.reduce(1, *))
        }
    }

    /// The number of values.
    public var count: Int {
        switch self {
        case .flat(let features): features
        case .image(let channels, let height, let width): channels * height * width
        }
    }

    /// The number of values that batch normalization normalizes apart: features or channels.
    public var channels: Int {
        switch self {
        case .flat(let features): features
        case .image(let channels, _, _): channels
        }
    }

    /// `784 features`, or an image as torch writes it: `32×7×7`.
    public var description: String {
        switch self {
        case .flat(let features): "\(features) features"
        case .image(let channels, let height, let width): "\(channels)×\(height)×\(width)"
        }
    }
}
