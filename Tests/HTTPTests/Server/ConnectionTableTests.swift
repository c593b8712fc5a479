import Testing

@testable import HTTP

@Suite struct ConnectionTableTests {
    private final class Element {
        let ticket: Ticket

        init(_ ticket: Ticket) {
            self.ticket = ticket
        }
    }

    @Test func `finds nothing under the token of an element whose slot has another`() {
        var table = ConnectionTable<Element>()
        let first = table.insert(Element.init)
        let second = table.insert(Element.init)
        table.remove(first.ticket)
        let third = table.insert(Element.init)
        #expect(third.ticket.slot == first.ticket.slot)
        #expect(table[token: first.ticket.token] == nil)
        #expect(table[token: second.ticket.token] === second)
        #expect(table[token: third.ticket.token] === third)
        #expect(table.count == 2)
        #expect(table.elements.count == 2)
    }

    @Test func `finds nothing under a token that it never gave`() {
        var table = ConnectionTable<Element>()
        _ = table.insert(Element.init)
        #expect(table[token: 1] == nil)
        #expect(table[token: .max] == nil)
    }
}
