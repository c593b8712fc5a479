internal import Foundation

/// Arithmetic on floats as Python does it, exceptions included.
enum PythonNumber {
    static func divide(_ left: Double, _ right: Double) throws(LibraryFailure) -> Double {
        guard right != 0 else { throw .zeroDivision }
        return left / right
    }

    /// `left ** right`.
    static func power(_ left: Double, _ right: Double) throws(LibraryFailure) -> Double {
        if left == 0, right < 0 { throw .zeroDivision }
        let result = pow(left, right)
        if result.isNaN, !left.isNaN, !right.isNaN {
            throw .type("\(left.plain) to the power of \(right.plain) is a complex number")
        }
        if result.isInfinite, left.isFinite, right.isFinite {
            throw LibraryFailure(
                type: "OverflowError",
                message: "\(left.plain) to the power of \(right.plain) is too large"
            )
        }
        return result
    }

    /// `divmod(left, right)`: the quotient rounded down and the remainder with the divisor's sign.
    static func divideDown(
        _ left: Double,
        _ right: Double
    ) throws(LibraryFailure) -> (quotient: Double, remainder: Double) {
        guard right != 0 else { throw .zeroDivision }
        var remainder = fmod(left, right)
        var quotient = (left - remainder) / right
        if remainder != 0, (right < 0) != (remainder < 0) {
            remainder += right
            quotient -= 1
        }
        let floor = quotient.rounded(.down)
        return (quotient - floor > 0.5 ? floor + 1 : floor, remainder)
    }

    static func squareRoot(_ number: Double) throws(LibraryFailure) -> Double {
        guard number >= 0 else { throw .value("math domain error: the root of \(number.plain)") }
        return number.squareRoot()
    }

    /// `math.log(number, base)`.
    static func logarithm(_ number: Double, base: Double) throws(LibraryFailure) -> Double {
        guard number > 0, base > 0 else {
            throw .value("math domain error: the logarithm of \(number.plain) to \(base.plain)")
        }
        return try divide(log(number), log(base))
    }

    /// `bisect.bisect_right(sorted, number)`, by the same halving where the list is not sorted.
    static func bisectRight(_ sorted: [Double], _ number: Double) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if number < sorted[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
