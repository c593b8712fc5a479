/// How a worker starts a user's script, and what it may take.
public struct CommandSpecification: Hashable, Sendable {
    /// The program and its arguments; a program without a slash is looked for in `PATH`.
    public var arguments: [String]
    /// Variables beside those that the worker passes on.
    public var environment: [String: String]
    /// The folder in which it starts; `nil` for a fresh one.
    public var workingDirectory: String?
    /// What it may take.
    public var limits: CommandLimits
}

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

extension CommandSpecification {
    private static let argumentsField = Field(
        "argv",
        .list(of: .argument, count: 1...1_000),
        "The program and its arguments."
    )
    private static let environmentField = Field(
        "environment",
        .variables,
        default: [:],
        "Variables beside those that the worker passes on."
    )
    private static let directoryField = Field(
        "working_directory",
        .argument,
        "The folder in which it starts."
    )

    /// Reads the fields of a command among those of its job, or reports what is wrong with them.
    init?(_ object: inout ObjectDecoder, _ context: inout DecodingContext) {
        let arguments = object.require(Self.argumentsField, &context)
        let environment = object.read(Self.environmentField, &context)
        let directory = object.read(Self.directoryField, &context)
        let limits = object.optionalObject("limits", default: CommandLimits(), &context) {
            CommandLimits($0, at: $1, &$2)
        }
        guard let arguments, let environment, let limits else { return nil }
        self.init(
            arguments: arguments,
            environment: environment,
            workingDirectory: directory,
            limits: limits
        )
    }

    /// Writes the fields into the object of the job.
    func writeFields(to writer: inout JSONWriter) {
        writer.field(Self.argumentsField.name, arguments)
        writer.field(Self.environmentField.name, environment)
        if let workingDirectory { writer.field(Self.directoryField.name, workingDirectory) }
        writer.field("limits", limits)
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

extension ValueRule<String> {
    /// A word of a command line: anything that a process can be given.
    fileprivate static let argument = ValueRule(
        "text of 1 to 100,000 characters without NUL",
        type: "string"
    ) { document in
        guard let text = document.string else { return (nil, .type) }
        let fits = !text.isEmpty && text.count <= 100_000 && !text.utf8.contains(0)
        return fits ? (text, .range) : (nil, .range)
    }
}

extension ValueRule<[String: String]> {
    /// Variables of an environment.
    fileprivate static let variables = ValueRule(
        "up to 1,000 variables, each a name without `=` and a text",
        type: "object"
    ) { document in
        guard let variables = document.strings else { return (nil, .type) }
        let fits =
            variables.count <= 1_000
            && variables.allSatisfy { name, text in
                !name.isEmpty && !name.contains("=") && !name.utf8.contains(0)
                    && !text.utf8.contains(0) && text.utf8.count <= 100_000
            }
        return fits ? (variables, .range) : (nil, .range)
    }
}
