/// Shows canvases on a terminal, passing on only the rows that differ from the last one shown.
package struct Screen<Driver: TerminalDriver> {
    /// Where the rows go.
    package var driver: Driver
    private var shown: Canvas

    /// A screen that takes the terminal to be blank.
    package init(driver: Driver) {
        self.driver = driver
        shown = Canvas(rows: driver.rows, columns: driver.columns)
    }

    /// Makes the terminal look like the canvas. A canvas of another size than the terminal's is
    /// clipped. Returns the canvas shown before, whose room the next frame can use.
    @discardableResult
    package mutating func show(_ canvas: Canvas) -> Canvas {
        let isSameSize = canvas.rows == shown.rows && canvas.columns == shown.columns
        for row in 0..<min(canvas.rows, driver.rows) {
            if isSameSize && canvas.hasSameRow(row, as: shown) { continue }
            let cells = canvas.cells(row: row)
            driver.draw(cells.prefix(driver.columns), row: row, links: canvas.links)
        }
        driver.flush(cursor: canvas.cursor)
        defer { shown = canvas }
        return shown
    }

    /// Forgets what was shown: the next frame passes on every row.
    package mutating func forget() {
        shown = Canvas(rows: 0, columns: 0)
    }
}
