package listing

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decode returns the text of a file and the name of its encoding: UTF-8, UTF-16
// or Windows-1252. A byte order mark says which it is, and without one the bytes do.
func decode(data []byte) (text, name string, err error) {
	guess, name := guess(data)
	decoded, _, err := transform.Bytes(unicode.BOMOverride(guess.NewDecoder()), data)
	return string(decoded), name, err
}

func guess(data []byte) (encoding.Encoding, string) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16"
	case zeros(data, 1):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16"
	case zeros(data, 0):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "UTF-16"
	case utf8.Valid(data):
		return unicode.UTF8, "UTF-8"
	}
	return charmap.Windows1252, "Windows-1252"
}

// zeros says whether most characters have a zero byte at the offset of two, as
// Latin letters have in UTF-16.
func zeros(data []byte, offset int) bool {
	n := 0
	for i := offset; i < len(data); i += 2 {
		if data[i] == 0 {
			n++
		}
	}
	return n > len(data)/4
}
