/// A GPU of a worker's machine.
public struct GPUBody: Hashable, Sendable {
    /// Its name, which no other GPU of any worker has.
    public var id: String
    /// What its maker calls it; `nil` where nobody says.
    public var model: String?
    /// Its memory, in bytes; 0 where nobody knows it.
    public var memoryBytes: Int
    /// The job that has it to itself, where it is read; `nil` for a free one.
    public var jobID: String?

    /// Makes a GPU that no job has.
    public init(id: String, model: String? = nil, memoryBytes: Int) {
        self.id = id
        self.model = model
        self.memoryBytes = memoryBytes
    }
}

extension GPUBody {
    private static let idField = Field(
        "id",
        .text(limit: 200),
        "Its name, which no other GPU of any worker has."
    )
    private static let modelField = Field(
        "model",
        .text(limit: 200),
        "What its maker calls it."
    )
    private static let memoryField = Field(
        "memory_bytes",
        .integer(0...1 << 50),
        "Its memory; 0 where nobody knows it."
    )

    /// A GPU that a worker offers.
    static let rule = ValueRule<GPUBody>(
        "an object such as {\"id\": \"GPU-5f0e\", \"memory_bytes\": 17179869184}",
        type: "object"
    ) { document, pointer, context in
        GPUBody(document, at: pointer, &context)
    }

    /// Reads a GPU that a worker offers, or reports what is wrong with it.
    private init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let id = object.require(Self.idField, &context)
        let model = object.read(Self.modelField, &context)
        let memory = object.require(Self.memoryField, &context)
        object.finish(&context)
        guard let id, let memory else { return nil }
        self.init(id: id, model: model, memoryBytes: memory)
    }

    /// Reads a GPU of a worker that is read.
    init?(_ document: Document) {
        guard let id = document["id"]?.string, let memory = document["memory_bytes"]?.integer else {
            return nil
        }
        self.init(id: id, model: document["model"]?.string, memoryBytes: memory)
        jobID = document["job_id"]?.string
    }
}

extension GPUBody: JSONWritable {
    /// Writes the GPU; the job only where there is one.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            if let model { writer.field("model", model) }
            writer.field("memory_bytes", memoryBytes)
            if let jobID { writer.field("job_id", jobID) }
        }
    }
}
