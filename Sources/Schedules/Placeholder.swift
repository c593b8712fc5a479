enum PlaceholderSchedules {}
