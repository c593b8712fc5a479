import Foundation

/// Where standard output goes: its size, and whether a person sees it.
struct Terminal {
    /// How many characters a line holds; 1,000 where it goes to a file, which has no width.
    var columns: Int
    /// How many lines are seen at once.
    var rows: Int
    /// Whether a person sees it, so that lines can be drawn over.
    var isInteractive: Bool
    /// What puts colour on text.
    var ink: Ink

    /// Standard output as it is now.
    ///
    /// Colours are used on a terminal alone, and not where `NO_COLOR` is set or the terminal is dumb.
    static func current(_ environment: Environment) -> Terminal {
        let isTerminal = isatty(STDOUT_FILENO) == 1 && environment.terminal != "dumb"
        var size = winsize()
        let isSized = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return Terminal(
            columns: isSized ? Int(size.ws_col) : 1000,
            rows: isSized ? Int(size.ws_row) : 40,
            isInteractive: isTerminal,
            ink: Ink(isColored: isTerminal && !environment.refusesColor)
        )
    }
}
