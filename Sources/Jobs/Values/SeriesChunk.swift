/// A stretch of one measured series, as one report brought it.
package struct SeriesChunk: Hashable, Sendable {
    /// The name of the series.
    package let series: String
    /// The updates that the points belong to, counted from 0 over the whole job.
    ///
    /// A point that stands at a count of finished updates belongs to the last of them: a
    /// measurement after update 499, at count 500, lies in `400..<500`.
    package let steps: Range<Int>
    /// How many points the payload holds.
    package let count: Int
    /// The points, in the words of the layer above.
    package let payload: [UInt8]

    /// A stretch of points; an empty range of steps is never read back.
    package init(series: String, steps: Range<Int>, count: Int, payload: [UInt8]) {
        self.series = series
        self.steps = steps
        self.count = count
        self.payload = payload
    }
}

/// A chunk as it counts today: what a later run took back is outside `steps`.
package struct SeriesSegment: Hashable, Sendable {
    /// The chunk as it was reported.
    package let chunk: SeriesChunk
    /// The grant that reported it.
    package let fence: Int
    /// The part of the chunk's steps that is on the curve and was asked for; never empty.
    package let steps: Range<Int>

    /// A chunk and the part of it that counts.
    package init(chunk: SeriesChunk, fence: Int, steps: Range<Int>) {
        self.chunk = chunk
        self.fence = fence
        self.steps = steps
    }
}
