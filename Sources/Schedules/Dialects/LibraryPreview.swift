/// What a library's scheduler answers over a number of calls.
public struct LibraryPreview: Hashable, Sendable {
    /// A call at which the library raises.
    public struct Refusal: Hashable, Sendable {
        /// The 0-based call; the rates before it stand.
        public let step: Int
        /// The exception and what it says, such as `ZeroDivisionError: division by zero`.
        public let reason: String
    }

    /// A restart in the middle, as from a checkpoint.
    public struct Resume: Hashable, Sendable, Codable {
        /// The calls before the restart.
        public let at: Int
        /// The parameters before it.
        public let firstParameters: [String: LibraryValue]
        /// Whether the scheduler's state is loaded beside the optimizer's.
        public let loadsSchedulerState: Bool

        private enum CodingKeys: String, CodingKey {
            case at
            case firstParameters = "first_params"
            case loadsSchedulerState = "load_scheduler_state"
        }

        /// Makes a restart.
        public init(
            at: Int,
            firstParameters: [String: LibraryValue],
            loadsSchedulerState: Bool
        ) {
            self.at = at
            self.firstParameters = firstParameters
            self.loadsSchedulerState = loadsSchedulerState
        }
    }

    /// A change of the optimizer's rate by hand.
    public struct ManualEdit: Hashable, Sendable, Codable {
        /// The call before which it is made.
        public let beforeStep: Int
        /// By what the rate is multiplied.
        public let factor: Double

        private enum CodingKeys: String, CodingKey {
            case beforeStep = "before_step"
            case factor = "multiply_lr_by"
        }

        /// Makes a change.
        public init(beforeStep: Int, factor: Double) {
            self.beforeStep = beforeStep
            self.factor = factor
        }
    }

    /// The rate of each call; with metrics, right after each report.
    public let learningRates: [Double]
    /// The momentum of each call; `nil` where the scheduler does not move it.
    public let momenta: [Double]?
    /// Where the library raises; `nil` where it does not.
    public let refusal: Refusal?
}
