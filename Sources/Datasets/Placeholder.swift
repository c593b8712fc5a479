enum PlaceholderDatasets {}
