/// What shows rows of cells: the real terminal, or one that remembers them for a test.
package protocol TerminalDriver {
    /// Rows of the terminal.
    var rows: Int { get }
    /// Columns of the terminal.
    var columns: Int { get }
    /// Takes the new content of one row. `links` names the addresses that cells refer to.
    mutating func draw(_ cells: ArraySlice<Cell>, row: Int, links: [UInt32: String])
    /// Ends the frame: what was drawn becomes visible, and the cursor stands where it should.
    mutating func flush(cursor: (row: Int, column: Int)?)
}
