enum PlaceholderJobsSQLite {}
