import CDNNL
import Glibc

/// What a training's bits depend on beside its plan and its rates.
package enum EngineEnvironment {
    /// Counts the changes of this engine that change bits.
    static let version = 1

    /// The environment in one line: engine, processor, instruction set, libraries and threads.
    ///
    /// Two processes with the same text give the same bits.
    package static let description: String = {
        let words = [
            "engine \(version)", processor, instructionSet, "oneDNN \(library)",
            mathematics, "1 thread",
        ]
        return words.joined(separator: ", ")
    }()

    private static var processor: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "arm64"
        #else
            "unknown"
        #endif
    }

    /// The best instruction set that oneDNN uses on this processor.
    private static var instructionSet: String {
        let code = cdnnl_effective_isa()
        let names: [(dnnl_cpu_isa_t, String)] = [
            (dnnl_cpu_isa_sse41, "sse4.1"), (dnnl_cpu_isa_avx, "avx"),
            (dnnl_cpu_isa_avx2, "avx2"), (dnnl_cpu_isa_avx2_vnni, "avx2_vnni"),
            (dnnl_cpu_isa_avx512_mic, "avx512_mic"),
            (dnnl_cpu_isa_avx512_mic_4ops, "avx512_mic_4ops"),
            (dnnl_cpu_isa_avx512_core, "avx512_core"),
            (dnnl_cpu_isa_avx512_core_vnni, "avx512_core_vnni"),
            (dnnl_cpu_isa_avx512_core_bf16, "avx512_core_bf16"),
            (dnnl_cpu_isa_avx512_core_amx, "avx512_core_amx"),
        ]
        return names.first { $0.0 == code }?.1 ?? "isa \(code.rawValue)"
    }

    /// The C library, whose functions kernels may call.
    private static var mathematics: String {
        var text = [CChar](repeating: 0, count: 64)
        guard confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count) > 0 else { return "no glibc" }
        return text.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    private static var library: String {
        guard let version = cdnnl_version()?.pointee else { return "of no version" }
        return "\(version.major).\(version.minor).\(version.patch)"
    }
}
