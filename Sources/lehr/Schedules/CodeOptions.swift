import ArgumentParser
import Schedules

/// Code of people's own, in which a library's scheduler is made.
struct CodeOptions: ParsableArguments {
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "PyTorch's torch.optim.lr_scheduler: the call, or the lines around it; - reads standard input.",
            valueName: "code"
        )
    )
    var torch: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Keras's optimizers.schedules and ReduceLROnPlateau.",
            valueName: "code"
        )
    )
    var keras: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Optax's schedules.", valueName: "code")
    )
    var optax: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Transformers' get_scheduler and get_…_schedule.",
            valueName: "code"
        )
    )
    var transformers: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("timm's schedulers.", valueName: "code")
    )
    var timm: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Composer's schedulers.", valueName: "code")
    )
    var composer: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("fastai's fit_one_cycle, fit_flat_cos, fit_sgdr.", valueName: "code")
    )
    var fastai: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("pytorch_optimizer's schedulers.", valueName: "code")
    )
    var pytorchOptimizer: [String] = []

    @Option(
        help: ArgumentHelp(
            "When a library's scheduler is stepped: after every update, or after every epoch.",
            valueName: "steps|epochs"
        ),
        transform: { text in
            guard let unit = LibrarySchedule.Unit(rawValue: text) else {
                throw ValidationError("--unit is steps or epochs, not \(text).")
            }
            return unit
        }
    )
    var unit = LibrarySchedule.Unit.steps

    /// Each piece of code with its library, in the order of the libraries.
    var pieces: [(library: Library, code: String)] {
        Library.allCases.flatMap { library in
            code(of: library).map { (library, $0) }
        }
    }

    var isEmpty: Bool { pieces.isEmpty }

    private func code(of library: Library) -> [String] {
        switch library {
        case .torch: torch
        case .keras: keras
        case .optax: optax
        case .transformers: transformers
        case .timm: timm
        case .composer: composer
        case .fastai: fastai
        case .pytorchOptimizer: pytorchOptimizer
        }
    }
}
