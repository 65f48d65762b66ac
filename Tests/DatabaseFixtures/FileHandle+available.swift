public import Foundation
import Glibc

extension FileHandle {
    /// What there is to be read, waited for; empty at the end.
    ///
    /// `availableData` ends the process when a signal comes meanwhile.
    public func available() throws -> Data {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(fileDescriptor, &bytes, bytes.count)
            if count >= 0 { return Data(bytes.prefix(count)) }
            guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        }
    }
}
