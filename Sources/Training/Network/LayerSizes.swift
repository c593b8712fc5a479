import CKernels
import TrainingAPI

extension TensorShape {
    /// An image's height and width; 1 for flat features.
    var size: (height: Int, width: Int) {
        if case .image(_, let height, let width) = self { (height, width) } else { (1, 1) }
    }
}

extension LehrWindow {
    /// The places of `window` in the layer's image.
    init(_ window: LayerSpecification.Window, _ layer: LayerPlan) {
        self.init(
            source_height: layer.input.size.height,
            source_width: layer.input.size.width,
            height: layer.output.size.height,
            width: layer.output.size.width,
            size_down: window.size,
            size_across: window.size,
            stride: window.stride,
            padding: window.padding
        )
    }

    /// One window as large as the layer's image.
    init(whole layer: LayerPlan) {
        let size = layer.input.size
        self.init(
            source_height: size.height,
            source_width: size.width,
            height: 1,
            width: 1,
            size_down: size.height,
            size_across: size.width,
            stride: 1,
            padding: 0
        )
    }
}
