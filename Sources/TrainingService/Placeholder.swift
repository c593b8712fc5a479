enum PlaceholderTrainingService {}
