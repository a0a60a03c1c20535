package server

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// TLS returns a configuration with the certificate and key of two files. They
// are read again when they change, so that a renewal needs no restart. If that
// fails, the pair before stays, and the log has why, once for each change.
func TLS(certFile, keyFile string, log *slog.Logger) (*tls.Config, error) {
	files := &keyPair{certFile: certFile, keyFile: keyFile, log: log}
	if _, err := files.get(); err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return files.get() },
	}, nil
}

type keyPair struct {
	certFile, keyFile string
	log               *slog.Logger

	mu     sync.Mutex
	loaded *tls.Certificate
	// age is of the files that were loaded, and failed of those that could not be.
	age, failed fileAge
}

// changed is when a file was changed.
func changed(file string) time.Time {
	info, err := os.Stat(file)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// fileAge is when the certificate and the key were changed, zero for a file that is not there.
type fileAge struct{ cert, key time.Time }

// get returns the pair as the files have it. If a change leaves files that do
// not fit, the pair before stays: they may be half-way through being replaced.
func (k *keyPair) get() (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	age := fileAge{changed(k.certFile), changed(k.keyFile)}
	if k.loaded != nil && age == k.age {
		return k.loaded, nil
	}
	pair, err := tls.LoadX509KeyPair(k.certFile, k.keyFile)
	switch {
	case err == nil:
		k.loaded, k.age, k.failed = &pair, age, fileAge{}
	case k.loaded == nil:
		return nil, fmt.Errorf("the TLS certificate cannot be used: %w", err)
	case age != k.failed:
		k.failed = age
		k.log.Error("the changed TLS certificate cannot be used, the one before stays", slog.String("error", err.Error()))
	}
	return k.loaded, nil
}
