enum PlaceholderTrainingClient {}
