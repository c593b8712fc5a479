enum PlaceholderTraining {}
