package import Jobs

/// How the service runs jobs.
package struct ServiceConfiguration: Sendable {
    /// The id of this run of the server, which the workers that it starts carry.
    package var server = ServerID.random()
    /// How long a lease holds without a report or heartbeat; 30 seconds by default.
    package var leaseTerm = Duration.seconds(30)
    /// How long a worker that must let go of a job may take to save a checkpoint; 30 seconds by default.
    package var grace = Duration.seconds(30)
    /// How often leases are looked over, and the queue for jobs that wait for their time; half a second
    /// by default.
    package var sweepInterval = Duration.milliseconds(500)
    /// How long an idempotency key is kept; 25 hours by default.
    package var keyRetention = Duration.seconds(25 * 3_600)
    /// How many jobs may wait in the queue, 100,000 by default; a submission beyond is refused.
    package var queueLimit = 100_000
    /// How many bytes must be free on the data folder's disk for a job to be accepted; 256 MiB by
    /// default, 0 for any number.
    package var minimumFreeBytes = 256 << 20
    /// How many jobs with a label may run at once; no limits by default.
    package var labelLimits = LabelLimits.none
    /// How long a job is kept after its end; nil, the default, for ever.
    package var jobRetention: Duration?
    /// The folder for decoded datasets.
    package var cacheFolder: String
    /// The folder of files on their way in, on the file system of `cacheFolder`.
    package var uploadFolder: String { cacheFolder + "/uploads" }
    /// The folder of checkpoints and of what jobs leave behind.
    package var filesFolder: String
    /// The largest checkpoint, in bytes; 4 GiB by default.
    package var checkpointLimit = 4 << 30
    /// The largest artifact, in bytes; 4 GiB by default.
    package var artifactLimit = 4 << 30
    /// The largest archive of code, in bytes; 256 MiB by default.
    package var archiveLimit = 256 << 20
    /// The largest body of a worker's report, in bytes; 16 MiB by default.
    package var reportLimit = 16 << 20

    /// Whether jobs of kind `command` are taken; not by default, since whoever submits one runs what they
    /// like.
    package var runsCommands = false

    /// Makes a configuration with the defaults.
    package init(cacheFolder: String, filesFolder: String) {
        self.cacheFolder = cacheFolder
        self.filesFolder = filesFolder
    }
}
