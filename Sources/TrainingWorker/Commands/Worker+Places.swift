internal import Logging

extension Worker {
    /// Removes the folders of commands whose workers were killed; for a worker that runs commands, before it
    /// takes any.
    package func removeAbandonedPlaces() async {
        let folder = configuration.cacheFolder
        let count = await FileQueue.run { PlaceLock.removeAbandoned(in: folder) }
        if count > 0 {
            logger.info("removed the folders of commands whose workers had been killed: \(count)")
        }
    }
}
