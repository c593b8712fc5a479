/// The checkpoint of a job from which another goes on.
package struct JobOrigin: Hashable, Sendable {
    /// The job that took the checkpoint; it may be removed since.
    package let job: JobID
    /// How many steps were finished when it was taken.
    package let step: Int

    /// A checkpoint by its job and step.
    package init(job: JobID, step: Int) {
        self.job = job
        self.step = step
    }
}
