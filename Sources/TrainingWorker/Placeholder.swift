enum PlaceholderTrainingWorker {}
