/// What a command may take of its machine.
public struct CommandLimits: Hashable, Sendable {
    /// The address space of each of its processes, in bytes; `nil` for no limit.
    public var memoryBytes: Int?
    /// The processor time of each of its processes, in seconds; `nil` for no limit.
    public var cpuSeconds: Int?
    /// The largest file that it may write, in bytes; 16 GiB by default.
    public var fileBytes: Int
    /// The output that goes to the job's log, in bytes; 16 MiB by default.
    ///
    /// What comes after is dropped, and the log says how much.
    public var outputBytes: Int

    /// Makes limits.
    public init(
        memoryBytes: Int? = nil,
        cpuSeconds: Int? = nil,
        fileBytes: Int = 16 << 30,
        outputBytes: Int = 16 << 20
    ) {
        self.memoryBytes = memoryBytes
        self.cpuSeconds = cpuSeconds
        self.fileBytes = fileBytes
        self.outputBytes = outputBytes
    }
}

extension CommandLimits: JSONWritable {
    private static let bytes = ValueRule<Int>.integer(1...1 << 50)
    private static let memoryField = Field("memory_bytes", bytes, "The address space of a process.")
    private static let cpuField = Field(
        "cpu_seconds",
        .integer(1...1_000_000_000),
        "The processor time of a process."
    )
    private static let fileField = Field(
        "file_bytes",
        bytes,
        default: CommandLimits().fileBytes,
        "The largest file that it may write."
    )
    private static let outputField = Field(
        "output_bytes",
        .integer(0...1 << 40),
        default: CommandLimits().outputBytes,
        "The output that goes to the job's log."
    )

    /// Reads limits, or reports what is wrong with them.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let memory = object.read(Self.memoryField, &context)
        let cpu = object.read(Self.cpuField, &context)
        let file = object.read(Self.fileField, &context)
        let output = object.read(Self.outputField, &context)
        object.finish(&context)
        guard let file, let output, context.isValid else { return nil }
        self.init(memoryBytes: memory, cpuSeconds: cpu, fileBytes: file, outputBytes: output)
    }

    /// Writes the limits with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let memoryBytes { writer.field(Self.memoryField.name, memoryBytes) }
            if let cpuSeconds { writer.field(Self.cpuField.name, cpuSeconds) }
            writer.field(Self.fileField.name, fileBytes)
            writer.field(Self.outputField.name, outputBytes)
        }
    }
}
