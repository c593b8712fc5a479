/// A library whose schedulers are reproduced, in the version whose values the tests hold.
///
/// Everything is copied, off-by-ones included, but this: Keras keeps parts of its cosine schedules in 32-bit floats,
/// where these are exact in 64; timm's noise comes from PyTorch's random generator, so `noise_range_t` is refused;
/// functions of one's own (`lr_lambda`, `scale_fn`) cannot be written down: LambdaLR takes `table`, its factors by
/// step, and MultiplicativeLR `constant`. fastai's policies take `batches_per_epoch`, which is the data loader's there.
public enum Library: String, Hashable, Sendable, Codable, CaseIterable {
    /// PyTorch 2.13.0, `torch.optim.lr_scheduler`.
    case torch
    /// Keras 3.15.1, `keras.optimizers.schedules` and the callback `ReduceLROnPlateau`.
    case keras
    /// Optax 0.2.8, `optax.schedules` and `optax.contrib.reduce_on_plateau`.
    case optax
    /// Hugging Face Transformers 5.23.0, `get_scheduler`.
    case transformers
    /// timm 1.0.31, `timm.scheduler`.
    case timm
    /// MosaicML Composer 0.32.1, `composer.optim.scheduler`.
    case composer
    /// fastai 2.8.12, `fastai.callback.schedule`.
    case fastai
    /// pytorch_optimizer 4.1.0, `pytorch_optimizer.lr_scheduler`.
    case pytorchOptimizer = "pytorch_optimizer"

    /// The schedulers of the library, by name.
    var entries: [LibraryEntry] {
        switch self {
        case .torch: LibraryEntry.torch
        case .keras: LibraryEntry.keras
        case .optax: LibraryEntry.optax
        case .transformers: LibraryEntry.transformers
        case .timm: LibraryEntry.timm
        case .composer: LibraryEntry.composer
        case .fastai: LibraryEntry.fastai
        case .pytorchOptimizer: LibraryEntry.pytorchOptimizer
        }
    }

    /// The names of the schedulers that are reproduced, as the library spells them.
    public var names: [String] { entries.map(\.name) }

    /// The scheduler of that name or alias.
    func entry(named name: String) -> LibraryEntry? {
        entries.first { $0.name == name || $0.aliases.contains(name) }
    }
}
