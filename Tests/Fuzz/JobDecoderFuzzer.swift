/// Any bytes, as the body of a submission.
@main enum JobDecoderFuzzer {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        withUnsafeMutablePointer(to: &arguments) { arguments in
            _ = runDriver(&count, arguments) { start, count in
                let bytes = Array(UnsafeBufferPointer(start: start, count: count))
                if let difference = JobAgreement.disagreement(over: bytes) {
                    fatalError(difference)
                }
                return 0
            }
        }
    }
}

/// libFuzzer's loop, which is called by name since its own `main` is not used.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
