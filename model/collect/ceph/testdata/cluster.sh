#!/bin/bash
# A tiny Ceph cluster on loopback in the folder D, without systemd: 3 monitors, 2
# managers, 4 OSDs in memory on 4 CRUSH hosts in 2 racks, 3 file servers, 2 gateways.
set -eu
mkdir -p "$D"/{log,run,mon,mgr,osd,mds,rgw}
export CEPH_CONF=$D/ceph.conf
FSID=$(cat /proc/sys/kernel/random/uuid)
V2=(23300 23301 23302) V1=(26789 26790 26791) MH=""
for i in 0 1 2; do MH="$MH${MH:+,}[v2:127.0.0.1:${V2[i]},v1:127.0.0.1:${V1[i]}]"; done
cat > "$CEPH_CONF" <<C
[global]
fsid = $FSID
mon host = $MH
mon initial members = a,b,c
public network = 127.0.0.0/8
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv4 = true
ms bind ipv6 = false
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = $D/keyring
log file = $D/log/\$name.log
admin socket = $D/run/\$name.\$pid.asok
pid file = $D/run/\$name.pid
run dir = $D/run
osd pool default size = 3
osd pool default min size = 2
osd crush chooseleaf type = 1
osd pool default pg autoscale mode = off
osd pool default pg num = 8
mon max pg per osd = 1000
mon warn on insecure global id reclaim = false
mon warn on insecure global id reclaim allowed = false
auth allow insecure global id reclaim = false
mon data avail warn = 2
mon data avail crit = 1
mgr module path = /usr/share/ceph/mgr
mgr initial modules = status
crash dir = $D/run
[mon]
mon data = $D/mon/\$id
mon cluster log file = $D/log/cluster.mon.\$id.log
[mgr]
mgr data = $D/mgr/\$id
[osd]
osd data = $D/osd/\$id
osd objectstore = memstore
memstore device bytes = 536870912
osd max object name len = 460
osd max object namespace len = 64
osd class dir = /usr/lib/x86_64-linux-gnu/rados-classes
[mds]
mds data = $D/mds/\$id
[client.rgw.store-1]
rgw frontends = beast endpoint=127.0.0.1:28081
[client.rgw.store-2]
rgw frontends = beast endpoint=127.0.0.1:28082
C
for i in 0 1 2 3; do
  printf '[osd.%d]\ncrush location = root=default rack=rack%d host=storage-%02d\n' $i $((i / 2 + 1)) $((i + 1)) >> "$CEPH_CONF"
done
ceph-authtool --create-keyring "$D/keyring" --gen-key -n mon. --cap mon 'allow *' > /dev/null
ceph-authtool "$D/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mds 'allow *' --cap mgr 'allow *' > /dev/null
MAP=(); NAMES=(a b c); for i in 0 1 2; do MAP+=(--addv "${NAMES[i]}" "[v2:127.0.0.1:${V2[i]},v1:127.0.0.1:${V1[i]}]"); done
monmaptool --create --clobber --fsid "$FSID" "${MAP[@]}" "$D/monmap" > /dev/null
for m in a b c; do
  mkdir -p "$D/mon/$m"
  ceph-mon --mkfs -i $m --monmap "$D/monmap" --keyring "$D/keyring"
  ceph-mon -i $m
done
C="timeout 60 ceph"
$C mon enable-msgr2 || true
for g in x y; do
  mkdir -p "$D/mgr/$g"
  $C auth get-or-create mgr.$g mon 'allow profile mgr' mds 'allow *' osd 'allow *' -o "$D/mgr/$g/keyring"
  ceph-mgr -i $g --keyring "$D/mgr/$g/keyring"
done
for i in 0 1 2 3; do
  U=$(cat /proc/sys/kernel/random/uuid); S=$(ceph-authtool --gen-print-key)
  mkdir -p "$D/osd/$i"
  echo "{\"cephx_secret\": \"$S\"}" | $C osd new "$U" $i -i - > /dev/null
  ceph-authtool --create-keyring "$D/osd/$i/keyring" --name osd.$i --add-key "$S" > /dev/null
  ceph-osd -i $i --mkfs --osd-uuid "$U" --keyring "$D/osd/$i/keyring"
  ceph-osd -i $i --keyring "$D/osd/$i/keyring"
done
for m in m1 m2 m3; do
  mkdir -p "$D/mds/$m"
  $C auth get-or-create mds.$m mon 'allow profile mds' osd 'allow rwx' mds 'allow *' mgr 'allow profile mds' -o "$D/mds/$m/keyring"
  ceph-mds -i $m --keyring "$D/mds/$m/keyring"
done
for p in cephfs_data cephfs_meta rbd; do $C osd pool create $p 8 > /dev/null; done
$C osd pool application enable rbd rbd
$C fs new cephfs cephfs_meta cephfs_data
for r in store-1 store-2; do
  mkdir -p "$D/rgw/$r"
  $C auth get-or-create client.rgw.$r mon 'allow rw' osd 'allow rwx' mgr 'allow rw' -o "$D/rgw/$r/keyring"
  radosgw -n client.rgw.$r --keyring "$D/rgw/$r/keyring" --rgw-data "$D/rgw/$r"
done
# An account that may read the cluster, and one that may nothing.
$C auth get-or-create client.reader mon 'allow r' mgr 'allow r' osd 'allow r' mds 'allow r' -o "$D/reader.keyring"
$C auth get-or-create client.nobody -o "$D/nobody.keyring"
