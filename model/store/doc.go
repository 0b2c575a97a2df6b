// Package store keeps documents in one bbolt file: releases, mappings,
// procedures, systems, policies and plans, by the digest of their content, with
// names that point to them and the history of each name.
//
// # Layout
//
// The file is a tree of buckets. Times are RFC 3339, entries are JSON.
//
//	meta/
//	  schema                     number of this layout
//	documents/
//	  KIND/
//	    DIGEST                   canonical JSON of a document, as it is or as gzip
//	names/
//	  KIND/
//	    NAME                     entry: digest, origin, time, version of a release
//	history/
//	  KIND/
//	    NAME/
//	      SEQUENCE               entry: digest, origin, time; eight bytes, big-endian
//	notes/
//	  SUBJECT                    entry: text, time
//
// KIND is release, mapping, procedure, system, policy, plan, record, snapshot,
// customizations (what a system sets in its charts, by the system's name), or
// edits: the mapping that holds what was edited on this site, the topmost layer. DIGEST is the hex of
// a sha256. A document stays as long as a history points to it; a history keeps the
// last 100 versions. A document that the program carries is not in the store; where
// the user removed it, its name is there as an entry without a digest. (An older
// planewise kept copies, of origin embedded, and in meta the key seed.)
//
// Documents of 256 KiB and more are kept as gzip (RFC 1952); no JSON begins as that
// does. What Put takes can be read again: it has the bounds of the reader.
//
// # Side by side
//
// A Store holds no file open. Every operation opens it, takes the lock (shared for
// reading), and lets go of both, so that a terminal program and commands work on
// the same file. Who does not get the lock in time gets ErrBusy. Read is one
// operation that reads several documents. A new file and a compacted one come into
// being beside the store and take its place whole; who waited for the lock of the
// file before opens the new one.
//
// # Damage
//
// bbolt maps the file into memory and trusts it: a page that points to itself ends
// the program with a stack overflow, a file cut short with a bus error. So the
// structure of the file is verified under the lock before bbolt sees it, once for each
// state of the file in a process (see structure and sound), documents are compared with their digests when they are read, and
// what still goes wrong inside the library becomes an error. Nothing is repaired: a
// damaged store is named, and it is for its owner to move it away.
package store
