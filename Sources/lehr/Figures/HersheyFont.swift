/// A font of strokes for pictures without a font library: the 95 printable ASCII characters, from space on.
///
/// The Hershey Fonts were originally created by Dr. A. V. Hershey while working at the U. S. National Bureau of
/// Standards. The format of the font data was originally created by James Hurt, Cognition, Inc., 900 Technology Park
/// Drive, Billerica, MA 01821 (mit-eddie!ci-dandelion!hurt). These are the glyphs of the sans-serif face "futural".
enum HersheyFont {
    /// A character's pen strokes and its width, in units of which capitals are 21 high; y grows downwards from the
    /// base line.
    struct Glyph {
        let width: Double
        let strokes: [[(x: Double, y: Double)]]
    }

    /// The height of capitals.
    static let capitalHeight = 21.0

    /// The glyph of a character; one that the font does not have is drawn as `?`.
    static func glyph(_ character: Character) -> Glyph {
        let code = Int(character.asciiValue ?? UInt8(ascii: "?")) - 32
        let record = Array(records[records.indices.contains(code) ? code : 31].utf8)
        // Coordinates are letters around R; the first two are the left and right edges, " R" lifts the pen.
        func coordinate(_ byte: UInt8) -> Double { Double(byte) - Double(UInt8(ascii: "R")) }
        let left = coordinate(record[0])
        var strokes: [[(x: Double, y: Double)]] = [[]]
        for place in stride(from: 2, to: record.count - 1, by: 2) {
            if record[place] == UInt8(ascii: " ") {
                strokes.append([])
            } else {
                strokes[strokes.count - 1].append(
                    (coordinate(record[place]) - left, coordinate(record[place + 1]) - 9)
                )
            }
        }
        return Glyph(width: coordinate(record[1]) - left, strokes: strokes.filter { !$0.isEmpty })
    }

    /// The width of a text in which capitals are `height` high.
    static func width(of text: String, height: Double) -> Double {
        text.reduce(0) { $0 + glyph($1).width } * height / capitalHeight
    }

    private static let records: [String] = [
        #"JZ"#,
        #"MWRFRT RRYQZR[SZRY"#,
        #"JZNFNM RVFVM"#,
        #"H]SBLb RYBRb RLOZO RKUYU"#,
        #"H\PBP_ RTBT_ RYIWGTFPFMGKIKKLMMNOOUQWRXSYUYXWZT[P[MZKX"#,
        #"F^[FI[ RNFPHPJOLMMKMIKIIJGLFNFPGSHVHYG[F RWTUUTWTYV[X[ZZ[X[VYTWT"#,
        #"E_\O\N[MZMYNXPVUTXRZP[L[JZIYHWHUISJRQNRMSKSIRGPFNGMIMKNNPQUXWZY[[[\Z\Y"#,
        #"MWRHQGRFSGSIRKQL"#,
        #"KYVBTDRGPKOPOTPYR]T`Vb"#,
        #"KYNBPDRGTKUPUTTYR]P`Nb"#,
        #"JZRLRX RMOWU RWOMU"#,
        #"E_RIR[ RIR[R"#,
        #"NVSWRXQWRVSWSYQ["#,
        #"E_IR[R"#,
        #"NVRVQWRXSWRV"#,
        #"G][BIb"#,
        #"H\QFNGLJKOKRLWNZQ[S[VZXWYRYOXJVGSFQF"#,
        #"H\NJPISFS["#,
        #"H\LKLJMHNGPFTFVGWHXJXLWNUQK[Y["#,
        #"H\MFXFRNUNWOXPYSYUXXVZS[P[MZLYKW"#,
        #"H\UFKTZT RUFU["#,
        #"H\WFMFLOMNPMSMVNXPYSYUXXVZS[P[MZLYKW"#,
        #"H\XIWGTFRFOGMJLOLTMXOZR[S[VZXXYUYTXQVOSNRNOOMQLT"#,
        #"H\YFO[ RKFYF"#,
        #"H\PFMGLILKMMONSOVPXRYTYWXYWZT[P[MZLYKWKTLRNPQOUNWMXKXIWGTFPF"#,
        #"H\XMWPURRSQSNRLPKMKLLINGQFRFUGWIXMXRWWUZR[P[MZLX"#,
        #"NVROQPRQSPRO RRVQWRXSWRV"#,
        #"NVROQPRQSPRO RSWRXQWRVSWSYQ["#,
        #"F^ZIJRZ["#,
        #"E_IO[O RIU[U"#,
        #"F^JIZRJ["#,
        #"I[LKLJMHNGPFTFVGWHXJXLWNVORQRT RRYQZR[SZRY"#,
        #"E`WNVLTKQKOLNMMPMSNUPVSVUUVS RQKOMNPNSOUPV RWKVSVUXVZV\T]Q]O\L[JYHWGTFQFNGLHJJILHOHRIUJWLYNZQ[T[WZYYZX RXKWSWUXV"#,
        #"I[RFJ[ RRFZ[ RMTWT"#,
        #"G\KFK[ RKFTFWGXHYJYLXNWOTP RKPTPWQXRYTYWXYWZT[K["#,
        #"H]ZKYIWGUFQFOGMILKKNKSLVMXOZQ[U[WZYXZV"#,
        #"G\KFK[ RKFRFUGWIXKYNYSXVWXUZR[K["#,
        #"H[LFL[ RLFYF RLPTP RL[Y["#,
        #"HZLFL[ RLFYF RLPTP"#,
        #"H]ZKYIWGUFQFOGMILKKNKSLVMXOZQ[U[WZYXZVZS RUSZS"#,
        #"G]KFK[ RYFY[ RKPYP"#,
        #"NVRFR["#,
        #"JZVFVVUYTZR[P[NZMYLVLT"#,
        #"G\KFK[ RYFKT RPOY["#,
        #"HYLFL[ RL[X["#,
        #"F^JFJ[ RJFR[ RZFR[ RZFZ["#,
        #"G]KFK[ RKFY[ RYFY["#,
        #"G]PFNGLIKKJNJSKVLXNZP[T[VZXXYVZSZNYKXIVGTFPF"#,
        #"G\KFK[ RKFTFWGXHYJYMXOWPTQKQ"#,
        #"G]PFNGLIKKJNJSKVLXNZP[T[VZXXYVZSZNYKXIVGTFPF RSWY]"#,
        #"G\KFK[ RKFTFWGXHYJYLXNWOTPKP RRPY["#,
        #"H\YIWGTFPFMGKIKKLMMNOOUQWRXSYUYXWZT[P[MZKX"#,
        #"JZRFR[ RKFYF"#,
        #"G]KFKULXNZQ[S[VZXXYUYF"#,
        #"I[JFR[ RZFR["#,
        #"F^HFM[ RRFM[ RRFW[ R\FW["#,
        #"H\KFY[ RYFK["#,
        #"I[JFRPR[ RZFRP"#,
        #"H\YFK[ RKFYF RK[Y["#,
        #"KYOBOb RPBPb ROBVB RObVb"#,
        #"KYKFY^"#,
        #"KYTBTb RUBUb RNBUB RNbUb"#,
        #"JZRDJR RRDZR"#,
        #"I[Ib[b"#,
        #"NVSKQMQORPSORNQO"#,
        #"I\XMX[ RXPVNTMQMONMPLSLUMXOZQ[T[VZXX"#,
        #"H[LFL[ RLPNNPMSMUNWPXSXUWXUZS[P[NZLX"#,
        #"I[XPVNTMQMONMPLSLUMXOZQ[T[VZXX"#,
        #"I\XFX[ RXPVNTMQMONMPLSLUMXOZQ[T[VZXX"#,
        #"I[LSXSXQWOVNTMQMONMPLSLUMXOZQ[T[VZXX"#,
        #"MYWFUFSGRJR[ ROMVM"#,
        #"I\XMX]W`VaTbQbOa RXPVNTMQMONMPLSLUMXOZQ[T[VZXX"#,
        #"I\MFM[ RMQPNRMUMWNXQX["#,
        #"NVQFRGSFREQF RRMR["#,
        #"MWRFSGTFSERF RSMS^RaPbNb"#,
        #"IZMFM[ RWMMW RQSX["#,
        #"NVRFR["#,
        #"CaGMG[ RGQJNLMOMQNRQR[ RRQUNWMZM\N]Q]["#,
        #"I\MMM[ RMQPNRMUMWNXQX["#,
        #"I\QMONMPLSLUMXOZQ[T[VZXXYUYSXPVNTMQM"#,
        #"H[LMLb RLPNNPMSMUNWPXSXUWXUZS[P[NZLX"#,
        #"I\XMXb RXPVNTMQMONMPLSLUMXOZQ[T[VZXX"#,
        #"KXOMO[ ROSPPRNTMWM"#,
        #"J[XPWNTMQMNNMPNRPSUTWUXWXXWZT[Q[NZMX"#,
        #"MYRFRWSZU[W[ ROMVM"#,
        #"I\MMMWNZP[S[UZXW RXMX["#,
        #"JZLMR[ RXMR["#,
        #"G]JMN[ RRMN[ RRMV[ RZMV["#,
        #"J[MMX[ RXMM["#,
        #"JZLMR[ RXMR[P_NaLbKb"#,
        #"J[XMM[ RMMXM RM[X["#,
        #"KYTBRCQDPFPHQJRKSMSOQQ RRCQEQGRISJTLTNSPORSTTVTXSZR[Q]Q_Ra RQSSUSWRYQZP\P^Q`RaTb"#,
        #"NVRBRb"#,
        #"KYPBRCSDTFTHSJRKQMQOSQ RRCSESGRIQJPLPNQPURQTPVPXQZR[S]S_Ra RSSQUQWRYSZT\T^S`RaPb"#,
        #"F^IUISJPLONOPPTSVTXTZS[Q RISJQLPNPPQTTVUXUZT[Q[O"#,
    ]
}
