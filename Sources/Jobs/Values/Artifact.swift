package import Foundation

/// Something that a job leaves behind, under a name that is its own within the job.
package struct Artifact: Hashable, Sendable {
    /// The name, such as `model.safetensors`.
    package let name: String
    /// Its bytes.
    package let file: StoredFile
    /// What the bytes are, as a media type.
    package let mediaType: String
    /// The grant under which it was made.
    package let fence: Int
    /// When it was committed.
    package let committedAt: Date

    /// An artifact as a store keeps it.
    package init(
        name: String,
        file: StoredFile,
        mediaType: String,
        fence: Int,
        committedAt: Date
    ) {
        self.name = name
        self.file = file
        self.mediaType = mediaType
        self.fence = fence
        self.committedAt = committedAt.roundedToMicroseconds
    }
}
