internal import CLinux
internal import CNcurses
internal import Glibc

/// The real terminal. ncurses finds the cells that changed and writes what that takes into a file
/// in memory; from there each frame goes to the terminal in one piece.
///
/// A class, because ncurses has one screen and this is it. It belongs to the thread that made it.
package final class CursesDriver: TerminalDriver {
    package private(set) var rows: Int
    package private(set) var columns: Int
    /// The colours this terminal gets.
    let depth: ColorDepth
    let output: TerminalOutput
    var encoder = FrameEncoder()
    private var slots = PaletteSlots()
    private let memory: UnsafeMutablePointer<FILE>
    private let memoryDescriptor: Int32
    private let quiet: UnsafeMutablePointer<FILE>
    private let screen: OpaquePointer
    private var line: [cchar_t] = []
    private var frame: [UInt8] = []
    private var look = Look()

    /// The style that was translated last; neighbours share it.
    private struct Look {
        var style = Style.plain
        var link: UInt32 = 0
        var attributes: UInt32 = 0
        var pair: Int32 = 0
        var slots = PaletteSlots.Usage.zero
    }

    /// Starts ncurses for a terminal of this size.
    init(
        type: TerminalType, rows: Int, columns: Int, depth wanted: ColorDepth?,
        output: TerminalOutput,
        environment: (String) -> String?
    ) throws(TerminalError) {
        memoryDescriptor = system_memory_file("frame")
        guard memoryDescriptor >= 0, let memory = fdopen(memoryDescriptor, "w"),
            let quiet = fopen("/dev/null", "r")
        else { throw .system("make room for a frame", error: errno) }
        self.memory = memory
        self.quiet = quiet
        guard let screen = newterm(type.name, memory, quiet) else { throw .unknownType(type.name) }
        self.screen = screen
        let offered = Self.startColors(environment)
        depth = min(wanted ?? offered, offered == .palette ? .trueColor : offered)
        self.output = output
        self.rows = rows
        self.columns = columns
        typeahead(-1)
        resizeterm(Int32(rows), Int32(columns))
        encoder.isModern = type.isModern
        encoder.isSynchronized = type.isModern
        // The first update carries what ncurses sends to begin with; our own modes replace it.
        wnoutrefresh(ncurses_screen())
        doupdate()
        lseek(memoryDescriptor, 0, SEEK_SET)
        ncurses_erase_next()
    }

    private static func startColors(_ environment: (String) -> String?) -> ColorDepth {
        guard has_colors(), start_color() == OK, use_default_colors() == OK else { return .mono }
        return ColorDepth(colors: Int(ncurses_colors()), environment: environment)
    }

    /// Ends ncurses. The terminal's modes are the session's business.
    func close() {
        delscreen(screen)
        fclose(memory)
        fclose(quiet)
    }

    package func draw(_ cells: ArraySlice<Cell>, row: Int, links: [UInt32: String]) {
        guard row < rows else { return }
        if line.count < cells.count {
            line.append(contentsOf: repeatElement(cchar_t(), count: cells.count - line.count))
        }
        var used = PaletteSlots.Usage.zero
        var count = 0
        var index = cells.startIndex
        while index < cells.endIndex {
            let cell = cells[index]
            let isWide = index + 1 < cells.endIndex && cells[index + 1].isContinuation
            if cell.style != look.style || cell.link != look.link { translate(cell, links) }
            used |= look.slots
            fill(&line[count], cell, isWide: isWide)
            count += 1
            index += isWide ? 2 : 1
        }
        slots.note(used, row: row)
        wmove(ncurses_screen(), Int32(row), 0)
        line.withUnsafeBufferPointer { cells in
            _ = wadd_wchnstr(ncurses_screen(), cells.baseAddress, Int32(count))
        }
    }

    private func fill(_ place: inout cchar_t, _ cell: Cell, isWide: Bool) {
        var scalar = cell.scalar
        // ncurses takes widths from the C library. Where it disagrees with the canvas, the canvas
        // is right about the room, so the character gives way.
        if cell.isContinuation {
            scalar = 0x20  // Half of a wide character that was cut.
        } else if scalar >= 0x7f && Int(system_columns(scalar)) != (isWide ? 2 : 1) {
            scalar = isWide ? 0x3000 : 0xfffd
        }
        if cell.marks == 0 {
            ncurses_fill(&place, &scalar, 1, look.attributes, look.pair)
        } else {
            var scalars = cell.scalars
            scalars[0] = scalar
            ncurses_fill(&place, scalars, Int32(scalars.count), look.attributes, look.pair)
        }
    }

    /// Finds ncurses' attributes and colour pair for a cell's style and link.
    private func translate(_ cell: Cell, _ links: [UInt32: String]) {
        look = Look(style: cell.style, link: cell.link)
        let attributes = cell.style.attributes
        for (attribute, bit) in [
            (Attributes.bold, ncurses_bold), (.dim, ncurses_dim), (.italic, ncurses_italic),
            (.underline, ncurses_underline), (.reverse, ncurses_reverse), (.strike, ncurses_blink),
        ] where attributes.contains(attribute) {
            look.attributes |= bit
        }
        let hasSlots = ncurses_colors() >= 256
        let foreground = index(
            depth.nearest(cell.style.foreground), link: cell.link, hasSlots ? links[cell.link] : nil
        )
        let background = index(depth.nearest(cell.style.background), link: 0, nil)
        if foreground < 0 && background < 0 { return }
        look.pair = max(0, alloc_pair(foreground, background))
    }

    /// The index ncurses uses for a colour and link: -1 for the terminal's own colour.
    private func index(_ color: Color, link: UInt32, _ address: String?) -> Int32 {
        if address == nil {
            switch color {
            case .standard: return -1
            case .palette(let index) where index < 16: return Int32(index)
            case .palette, .rgb: break
            }
        }
        if let slot = slots.index(of: color, link: link, address: address) {
            look.slots.insert(slot)
            return Int32(slot)
        }
        // All indexes are in use on this screen: the cell goes without its link, then without its
        // colour.
        return address == nil ? -1 : index(color, link: 0, nil)
    }

    package func flush(cursor: (row: Int, column: Int)?) {
        let screen = ncurses_screen()
        let visible = cursor.map {
            (0..<rows).contains($0.row) && (0..<columns).contains($0.column)
        }
        if let cursor, visible == true {
            leaveok(screen, false)
            wmove(screen, Int32(cursor.row), Int32(cursor.column))
        } else {
            leaveok(screen, true)
        }
        wnoutrefresh(screen)
        doupdate()
        let count = Int(lseek(memoryDescriptor, 0, SEEK_CUR))
        if frame.count < count { frame = Array(repeating: 0, count: count) }
        let read = frame.withUnsafeMutableBytes {
            pread(memoryDescriptor, $0.baseAddress, count, 0)
        }
        lseek(memoryDescriptor, 0, SEEK_SET)
        let bytes = frame.withUnsafeBufferPointer { frame in
            encoder.frame(
                UnsafeBufferPointer(rebasing: frame[..<max(0, read)]), slots: slots,
                isCursorShown: visible ?? false)
        }
        output.append(bytes)
        slots.reclaim(rows: rows)
    }

    /// The terminal has another size. What it shows now is uncertain, so every cell is sent again.
    func resize(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        resizeterm(Int32(rows), Int32(columns))
        ncurses_forget_screen()
    }

    /// Makes the next frame erase the display and draw everything.
    func eraseNext() {
        ncurses_erase_next()
    }
}
